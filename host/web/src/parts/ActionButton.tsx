import { LoadingOutlined } from '@ant-design/icons';
import { Button, type ButtonProps } from 'antd';

type Props = Omit<ButtonProps, 'loading'> & { isBusy: boolean };

/**
 * A button whose action takes time: it turns a wheel and hears no further clicks until the action has ended. The library's own
 * `loading` fades the wheel in and out, and keeps it for ever where the end comes before it has faded in.
 */
export function ActionButton({ isBusy, icon, onClick, ...others }: Props) {
  return (
    <Button
      {...others}
      icon={isBusy ? <LoadingOutlined aria-hidden /> : icon}
      aria-busy={isBusy}
      onClick={(event) => {
        if (isBusy) {
          event.preventDefault();
          return;
        }
        onClick?.(event);
      }}
    />
  );
}
