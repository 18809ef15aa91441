import fc from "fast-check";

const pieces = [
  "<script>window.__pwned = true</script>",
  "</script>",
  "</style>",
  "<!--",
  "]]>",
  '" onfocus="alert(1)" autofocus x="',
  "' onload='",
  "&lt;",
  "&#0;",
  "javascript:alert(1)",
  "data:text/html,x",
  "//elsewhere.example/x",
  "${1}",
  "$&",
  "\0",
  "\r\n",
  "\t",
  "  ",
  "\u001b[31m",
  "\u009b",
  "\u200b",
  "\u202e",
  "\u2066",
  "\u2028",
  "\ufeff",
  "\ud800",
  "\udfff",
  "\u{e0041}",
  "\u0634\u0643\u0631",
  "e\u0301",
  "…",
  "😀",
  "x".repeat(299),
];

/** Any text, most of it meant badly. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 5 }), fc.string()), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
