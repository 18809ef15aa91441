/** The parts of a Choice rule. Each checks that there is a value before it compares: a missing one would end the run. */
type Rule = Readonly<Record<string, unknown>>;

export function numberIs(path: string, comparison: Rule): readonly Rule[] {
  return [
    { Variable: path, IsPresent: true },
    { Variable: path, IsNumeric: true },
    { Variable: path, ...comparison },
  ];
}

export function isText(path: string): readonly Rule[] {
  return [
    { Variable: path, IsPresent: true },
    { Variable: path, IsString: true },
  ];
}

export function textIs(path: string, comparison: Rule): readonly Rule[] {
  return [...isText(path), { Variable: path, ...comparison }];
}

/** Present, but not a text. */
export function isNoText(path: string): readonly Rule[] {
  return [{ Variable: path, IsPresent: true }, { Not: { Variable: path, IsString: true } }];
}
