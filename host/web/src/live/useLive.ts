import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { follow } from './stream.ts';

/** Follows what changes, as long as the component is there. The frame of all signed-in pages does it for them. */
export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    const stream = follow(client);
    return () => {
      stream.close();
    };
  }, [client]);
}
