import { grouped } from "../../src/shared/text.ts";
/** Shows people the progress of a run. */
export interface Progress {
  /** May be called often: the line is redrawn only a few times per second. */
  update(state: ProgressState): void;
  /** Leaves the last state on a separate line. Further calls do nothing. */
  end(): void;
}

export interface ProgressState {
  readonly rows: number;
  /** Between 0 and 1; undefined when the total is unknown. */
  readonly fraction: number | undefined;
}

export interface ProgressOptions {
  readonly mode: "auto" | "always" | "never";
  /** What is being done, at the start of the line. */
  readonly label: string;
  readonly stream: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
  };
  /** Whether NO_COLOR is absent. Colours appear on a terminal only. */
  readonly colors: boolean;
  /** Milliseconds, from a monotonic clock. */
  readonly now?: () => number;
}

/** On a terminal, a line that is redrawn in place; elsewhere, if requested, a new line every ten seconds. */
export function createProgress(options: ProgressOptions): Progress {
  const { mode, label, stream, now = () => performance.now() } = options;
  const isTerminal = stream.isTTY === true;
  if (mode === "never" || (mode === "auto" && !isTerminal)) return { update: () => {}, end: () => {} };
  const started = now();
  const pause = isTerminal ? 100 : 10_000;
  let latest: ProgressState | undefined;
  let drawn = Number.NEGATIVE_INFINITY;

  const draw = (state: ProgressState, ends: boolean) => {
    const text = lineOf(label, state, (now() - started) / 1000);
    stream.write(isTerminal ? terminalLine(text, options, ends) : `${text}\n`);
  };
  return {
    update: (state) => {
      latest = state;
      if (now() - drawn < pause) return;
      drawn = now();
      draw(state, false);
    },
    end: () => {
      if (latest !== undefined) draw(latest, true);
      latest = undefined;
    },
  };
}

function lineOf(label: string, { rows, fraction }: ProgressState, seconds: number): string {
  const rate = seconds > 0 ? `  ${grouped(Math.round(rows / seconds))} rows/s` : "";
  const share = fraction === undefined ? "" : `  ${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
  return `${label}  ${grouped(rows)} rows${rate}${share}`;
}

const eraseLine = "\r\u001b[K";

/** A wrapped line could not be redrawn in place, so it is cut to the width of the terminal. */
function terminalLine(text: string, { stream, colors }: ProgressOptions, ends: boolean): string {
  const cut = text.slice(0, Math.max(1, (stream.columns ?? 80) - 1));
  return `${eraseLine}${colors ? `\u001b[2m${cut}\u001b[22m` : cut}${ends ? "\n" : ""}`;
}
