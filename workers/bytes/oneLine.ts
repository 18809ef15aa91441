/** Text from elsewhere, made fit for one line of a log: without control characters and of bounded length. */
export function oneLine(text: string, longest = 400): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest)}…`;
}
