/** The parts of the schema of SARIF 2.1.0 (OASIS, errata 01) that our reports use; whatever else stands in one is refused. */
const object = (required: readonly string[], properties: object): object => ({
  type: "object",
  required,
  properties,
  additionalProperties: false,
});
const text = { type: "string" };
const positive = { type: "integer", minimum: 1 };
const message = object(["text"], { text });
// RFC 3986: only these characters, and a colon in the first segment only behind a scheme.
const uriReference = {
  type: "string",
  pattern: "^(?:[a-z][a-z0-9+.-]*:|(?![^/?#]*:))(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})*$",
};

const physicalLocation = object(["artifactLocation", "region"], {
  artifactLocation: object(["uri"], { uri: uriReference }),
  region: object(["startLine"], { startLine: positive, startColumn: positive }),
});

const result = object(["message"], {
  ruleId: text,
  ruleIndex: { type: "integer", minimum: 0 },
  level: { enum: ["none", "note", "warning", "error"] },
  message,
  locations: {
    type: "array",
    items: object([], {
      physicalLocation,
      logicalLocations: { type: "array", uniqueItems: true, items: object([], { fullyQualifiedName: text }) },
    }),
  },
});

const reportingDescriptor = object(["id"], {
  id: text,
  shortDescription: message,
  fullDescription: message,
  help: message,
  helpUri: uriReference,
});

export const sarifSchema = object(["version", "runs"], {
  $schema: uriReference,
  version: { const: "2.1.0" },
  runs: {
    type: "array",
    items: object(["tool"], {
      tool: object(["driver"], {
        driver: object(["name"], {
          name: text,
          rules: { type: "array", uniqueItems: true, items: reportingDescriptor },
        }),
      }),
      columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
      results: { type: "array", items: result },
    }),
  },
});
