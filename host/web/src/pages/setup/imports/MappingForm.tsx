/** A mapping, written, pasted or taken from a file, and kept under a name. */
import { UploadOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Upload } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { mappingQuery, mappingsQuery, setMapping } from '../../../api/imports.ts';
import { Loading } from '../../../app/Loading.tsx';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { useDraft } from '../../../parts/useDraft.ts';
import shared from '../SetUp.module.css';
import styles from './ImportPage.module.css';

/** What the host takes as a name. */
const NAME = /^[a-z][a-z0-9._-]{0,63}$/;

const NAME_MAX = 64;

/** Longest text of a mapping, in characters. */
const TEXT_MAX = 65_536;

/** What a mapping looks like, for whoever begins with nothing. */
const EXAMPLE = `source = "crm"
kind = "visit"
external_id = "{id}"
capture = "automatic"
who = "{who}"
document = "{document}"
customer = "{customer}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
depth = { text = "{depth}", type = "number" }
`;

type Props = { like: string | null; kept: (name: string) => void; cancelled: () => void };

export function MappingForm({ like, ...rest }: Props) {
  const text = useQuery({ ...mappingQuery(like ?? ''), enabled: like !== null });
  if (like === null) {
    return <Writing name="" text={EXAMPLE} {...rest} />;
  }
  if (text.data === undefined) {
    return text.error ? (
      <ProblemNotice problem={text.error} retry={() => void text.refetch()} />
    ) : (
      <Loading />
    );
  }
  return <Writing key={like} name={like} text={text.data} {...rest} />;
}

type Draft = { name: string; text: string };

type WritingProps = Draft & Pick<Props, 'kept' | 'cancelled'>;

function Writing({ name, text, kept, cancelled }: WritingProps) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const draft = useDraft<Draft | null>(`mapping.${name}`, null);
  const value = draft.value ?? { name, text };
  const mappings = useQuery(mappingsQuery);
  const nameField = useId();
  const textField = useId();
  const hint = useId();
  const keeping = useMutation({
    mutationFn: () => setMapping(value.name, value.text),
    onSuccess: async () => {
      draft.done();
      await client.invalidateQueries({ queryKey: ['mappings'] });
      kept(value.name);
    },
  });
  const replaces = mappings.data?.some((mapping) => mapping.name === value.name) ?? false;
  const good = NAME.test(value.name);
  return (
    <form
      className={styles.writing}
      onSubmit={(event) => {
        event.preventDefault();
        if (good) {
          keeping.mutate();
        }
      }}
    >
      <label htmlFor={nameField}>{t('import.mappingName')}</label>
      <Input
        id={nameField}
        value={value.name}
        maxLength={NAME_MAX}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint}
        status={value.name !== '' && !good ? 'error' : ''}
        onChange={(event) => {
          draft.keep({ ...value, name: event.target.value });
        }}
      />
      <p id={hint} className={shared.quiet}>
        {t(replaces ? 'import.replaces' : 'idHint')}
      </p>
      <label htmlFor={textField}>{t('import.mappingText')}</label>
      <Input.TextArea
        id={textField}
        className={styles.text ?? ''}
        value={value.text}
        maxLength={TEXT_MAX}
        rows={14}
        spellCheck={false}
        onChange={(event) => {
          draft.keep({ ...value, text: event.target.value });
        }}
      />
      {keeping.error !== null && <ProblemNotice problem={keeping.error} />}
      <div className={shared.actions}>
        <ActionButton htmlType="submit" type="primary" disabled={!good} isBusy={keeping.isPending}>
          {t('import.keep')}
        </ActionButton>
        <Upload
          accept=".toml,.txt"
          showUploadList={false}
          fileList={[]}
          beforeUpload={(file) => {
            void file.text().then((text) => {
              draft.keep({ ...value, text: text.slice(0, TEXT_MAX) });
            });
            return false;
          }}
        >
          <Button icon={<UploadOutlined />}>{t('import.fromFile')}</Button>
        </Upload>
        <Button
          onClick={() => {
            draft.done();
            cancelled();
          }}
        >
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
