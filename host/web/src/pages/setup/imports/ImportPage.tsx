/**
 * A file of facts: chosen, read by a mapping, looked at, and only then imported. What was chosen stays while something goes wrong,
 * and bad rows keep everything out until somebody says that the good ones alone are wanted.
 */
import { InboxOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Select, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  createImport,
  FileChanged,
  mappingsQuery,
  previewImport,
  type ImportPreview,
} from '../../../api/imports.ts';
import { jobQuery } from '../../../api/jobs.ts';
import { useTitle } from '../../../app/useTitle.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { useDraft } from '../../../parts/useDraft.ts';
import { JobCard } from '../jobs/JobCard.tsx';
import { PageHead } from '../PageHead.tsx';
import shared from '../SetUp.module.css';
import { FlawTable } from './FlawTable.tsx';
import { MappingForm } from './MappingForm.tsx';
import { PreviewTable } from './PreviewTable.tsx';
import styles from './ImportPage.module.css';

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;

type DelimiterName = keyof typeof DELIMITERS;

type Choice = { mapping: string | null; delimiter: DelimiterName };

const NOTHING: Choice = { mapping: null, delimiter: 'comma' };

const KILOBYTE = 1_024;

export function ImportPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.import.title'));
  const client = useQueryClient();
  const choice = useDraft<Choice>('import', NOTHING);
  const [file, setFile] = useState<File>();
  const [writing, setWriting] = useState(false);
  const [goodOnly, setGoodOnly] = useState(false);
  const { mapping, delimiter } = choice.value;
  const order = file && mapping !== null && { file, mapping, delimiter: DELIMITERS[delimiter] };
  /** The file as it was chosen is not there any more. */
  const [changed, setChanged] = useState(false);
  const dropChanged = (error: Error) => {
    if (error instanceof FileChanged) {
      startOver();
      setFile(undefined);
      setChanged(true);
    }
  };
  const preview = useMutation({ mutationFn: previewImport, onError: dropChanged });
  const importing = useMutation({
    mutationFn: (skipBadRows: boolean) =>
      order ? createImport(order, skipBadRows) : Promise.reject(new Error('there is nothing to import')),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
    onError: dropChanged,
  });
  const job = importing.data?.id;
  /** What was seen is about another file or mapping. */
  const startOver = () => {
    preview.reset();
    importing.reset();
    setGoodOnly(false);
  };
  const choose = (change: Partial<Choice>) => {
    startOver();
    choice.keep({ ...choice.value, ...change });
  };
  return (
    <>
      <PageHead title={t('part.import.title')} lead={t('import.lead')} />
      <ol className={styles.steps}>
        <Step number={1} title={t('import.file')}>
          <FileChoice
            file={file}
            chosen={(next) => {
              startOver();
              setChanged(false);
              setFile(next);
            }}
          />
          {changed && <p role="alert">{t('import.changed')}</p>}
        </Step>
        <Step number={2} title={t('import.mapping')}>
          <p className={shared.quiet}>{t('import.mappingHint')}</p>
          <MappingChoice
            mapping={mapping}
            chosen={(mapping) => {
              setWriting(false);
              choose({ mapping });
            }}
          />
          {writing ? (
            <MappingForm
              like={mapping}
              kept={(name) => {
                setWriting(false);
                choose({ mapping: name });
              }}
              cancelled={() => {
                setWriting(false);
              }}
            />
          ) : (
            <div className={shared.actions}>
              <Button
                onClick={() => {
                  setWriting(true);
                }}
              >
                {t(mapping === null ? 'import.write' : 'import.writeLike')}
              </Button>
            </div>
          )}
          <label className={styles.delimiter}>
            <span className={shared.quiet}>{t('import.delimiter')}</span>
            <Select<DelimiterName>
              aria-label={t('import.delimiter')}
              value={delimiter}
              onChange={(delimiter) => {
                choose({ delimiter });
              }}
              options={(Object.keys(DELIMITERS) as DelimiterName[]).map((value) => ({
                value,
                label: t(`import.delimiters.${value}`),
              }))}
            />
          </label>
        </Step>
        <Step number={3} title={t('import.preview')}>
          {!order && <p className={shared.quiet}>{t('import.previewNeeds')}</p>}
          <div className={shared.actions}>
            <ActionButton
              type={preview.data ? 'default' : 'primary'}
              disabled={!order}
              isBusy={preview.isPending}
              onClick={() => {
                if (order) {
                  importing.reset();
                  preview.mutate(order);
                }
              }}
            >
              {t('import.look')}
            </ActionButton>
          </div>
          {preview.error !== null && <ProblemNotice problem={preview.error} />}
          {preview.data && <Preview preview={preview.data} />}
        </Step>
        {preview.data && (
          <Step number={4} title={t('import.take')}>
            <Taking
              preview={preview.data}
              goodOnly={goodOnly}
              setGoodOnly={setGoodOnly}
              busy={importing.isPending}
              ordered={job !== undefined}
              take={() => {
                importing.mutate(goodOnly);
              }}
            />
            {importing.error !== null && <ProblemNotice problem={importing.error} />}
            {job !== undefined && <Progress id={job} />}
          </Step>
        )}
      </ol>
    </>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <h2>
        <span className={styles.number} aria-hidden="true">
          {number}
        </span>
        {title}
      </h2>
      <div className={styles.body}>{children}</div>
    </li>
  );
}

function FileChoice({ file, chosen }: { file: File | undefined; chosen: (file: File | undefined) => void }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  return (
    <Upload.Dragger
      accept=".csv,.txt,.tsv,.xlsx"
      maxCount={1}
      showUploadList={false}
      fileList={[]}
      beforeUpload={(next) => {
        chosen(next);
        return false;
      }}
    >
      <p className={styles.drop}>
        <InboxOutlined aria-hidden />
        {file === undefined ? (
          t('import.drop')
        ) : (
          <>
            <strong>{file.name}</strong>
            <span className={shared.quiet}>
              {t('import.size', { size: formats.number(Math.ceil(file.size / KILOBYTE)) })}
            </span>
          </>
        )}
      </p>
    </Upload.Dragger>
  );
}

function MappingChoice({ mapping, chosen }: { mapping: string | null; chosen: (mapping: string) => void }) {
  const { t } = useTranslation('setup');
  const mappings = useQuery(mappingsQuery);
  return (
    <>
      {mappings.error && mappings.data === undefined && (
        <ProblemNotice problem={mappings.error} retry={() => void mappings.refetch()} />
      )}
      <Select<string>
        aria-label={t('import.mapping')}
        placeholder={t('import.chooseMapping')}
        loading={mappings.isPending}
        showSearch={{ optionFilterProp: 'label' }}
        value={mapping}
        onChange={chosen}
        options={
          mappings.data?.map(({ name, source }) => ({
            value: name,
            label: source == null ? name : t('import.ofSource', { name, source }),
          })) ?? []
        }
      />
    </>
  );
}

function Preview({ preview }: { preview: ImportPreview }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { rows, bad_rows, new_people, unknown_names, errors, more_errors } = preview;
  return (
    <div className={styles.preview} role="status">
      <p className={styles.verdict}>
        {bad_rows === 0
          ? t('import.allGood', { count: rows, number: formats.number(rows) })
          : t('import.someBad', {
              count: bad_rows,
              rows: formats.number(rows),
              good: formats.number(rows - bad_rows),
              bad: formats.number(bad_rows),
            })}
      </p>
      {new_people > 0 && <p>{t('import.newPeople', { count: new_people })}</p>}
      {unknown_names > 0 && <p>{t('import.unknownNames', { count: unknown_names })}</p>}
      {errors.length > 0 && (
        <>
          <h3>{t('import.flaws')}</h3>
          <FlawTable flaws={errors} more={more_errors} />
        </>
      )}
      {preview.first.length > 0 && (
        <>
          <h3>{t('import.first')}</h3>
          <PreviewTable preview={preview} />
        </>
      )}
    </div>
  );
}

type TakingProps = {
  preview: ImportPreview;
  goodOnly: boolean;
  setGoodOnly: (goodOnly: boolean) => void;
  busy: boolean;
  ordered: boolean;
  take: () => void;
};

function Taking({ preview, goodOnly, setGoodOnly, busy, ordered, take }: TakingProps) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const good = preview.rows - preview.bad_rows;
  if (good === 0) {
    return <p>{t('import.nothing')}</p>;
  }
  return (
    <>
      {preview.bad_rows > 0 && (
        <Checkbox
          checked={goodOnly}
          disabled={ordered}
          onChange={(event) => {
            setGoodOnly(event.target.checked);
          }}
        >
          {t('import.goodOnly', {
            count: preview.bad_rows,
            good: formats.number(good),
            bad: formats.number(preview.bad_rows),
          })}
        </Checkbox>
      )}
      <div className={shared.actions}>
        <ActionButton
          type="primary"
          isBusy={busy}
          disabled={ordered || (preview.bad_rows > 0 && !goodOnly)}
          onClick={take}
        >
          {t('import.takeRows', { count: good, number: formats.number(good) })}
        </ActionButton>
      </div>
    </>
  );
}

/** How far the import has come; it goes on when the page is left, and stands among the jobs. */
function Progress({ id }: { id: number }) {
  const job = useQuery(jobQuery(id));
  if (job.data === undefined) {
    return job.error ? <ProblemNotice problem={job.error} retry={() => void job.refetch()} /> : null;
  }
  return <JobCard job={job.data} />;
}
