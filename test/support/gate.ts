export interface Gate {
  open: () => void;
  readonly isOpen: Promise<void>;
}

/** What holds somebody up until the test lets them go on. */
export function gate(): Gate {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return { open, isOpen };
}
