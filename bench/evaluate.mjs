// What `wismo eval` (WISMO_BIN) says of rows of messages, by language: hits, misses, falses, rejections.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** rows: fields without tabs, the first row the names of the columns. */
export function evaluate(rows) {
  const place = mkdtempSync(join(tmpdir(), "wismo-")), file = join(place, "set.tsv");
  try {
    writeFileSync(file, rows.map((row) => `${row.join("\t")}\n`).join(""));
    const { groups } = JSON.parse(execFileSync(process.env.WISMO_BIN ?? "build/release/wismo", ["eval", file, "--json"], { encoding: "utf8" }));
    return groups.filter((group) => group.lang && !group.channel);
  } finally {
    rmSync(place, { recursive: true });
  }
}
