/**
 * Lets contestants take turns: each once per round, in the same order. Rounds before the first are for warming up and
 * leave no trace. Comes back with each contestant's results by its name.
 */
export async function inRounds<Result>(
  contestants: Readonly<Record<string, (round: number) => Promise<Result>>>,
  rounds: number,
  warmUps: number,
): Promise<Readonly<Record<string, readonly Result[]>>> {
  const results: Record<string, Result[]> = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const result = await run(round);
      if (round >= 0) results[name]?.push(result);
    }
  }
  return results;
}
