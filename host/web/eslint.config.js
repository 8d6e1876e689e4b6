import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';

export default typescript.config(
    { ignores: ['dist', 'node_modules', 'src/api/daybreak.ts'] },
    js.configs.recommended,
    {
        files: ['**/*.{ts,tsx}'],
        extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            // Shapes of the interface are types; what has an identity of its own is a class.
            '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
            // Handlers of events may be asynchronous: what they throw is shown by the query that they run.
            '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            // Routes redirect by throwing, as their library wants it.
            '@typescript-eslint/only-throw-error': [
                'error',
                {
                    allow: [
                        {
                            from: 'package',
                            package: '@tanstack/router-core',
                            name: ['Redirect', 'NotFoundError'],
                        },
                    ],
                },
            ],
        },
    },
    {
        files: ['src/**/*.{ts,tsx}'],
        plugins: { 'react-hooks': hooks },
        rules: {
            ...hooks.configs.recommended.rules,
            'no-console': 'error',
        },
    },
    {
        files: ['scripts/*.js', 'eslint.config.js', 'src/service-worker.js'],
        languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
    },
    {
        // Some of it runs inside the page that it measures.
        files: ['scripts/first-page.js'],
        languageOptions: {
            globals: {
                document: 'readonly',
                performance: 'readonly',
                requestAnimationFrame: 'readonly',
                setTimeout: 'readonly',
            },
        },
    },
);
