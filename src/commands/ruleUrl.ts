import packageJson from "../../package.json" with { type: "json" };

/** The address of a rule's section in the documentation: reason, source and examples. */
export function ruleUrl(id: string): string {
  const repository = packageJson.homepage.replace(/#.*$/, "");
  return `${repository}/blob/v${packageJson.version}/src/check/rules/README.md#${encodeURIComponent(id)}`;
}
