// node subset.mjs PACKAGE FONT INTO < the characters: the glyphs that those characters need, between the
// weights WEIGHTS, as woff2 under a name of ours.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packageFolder, font, into] = process.argv.slice(2);
const require = createRequire(`${packageFolder}/index.js`);
const [min, max] = process.env.WEIGHTS.split(" ").map(Number);
const sfnt = await require(packageFolder)(readFileSync(font), readFileSync(0, "utf8"), {
  targetFormat: "truetype",
  variationAxes: { wght: { min, max } },
});

// The licence reserves the name. One of the same length leaves the table's offsets as they are.
const [theirs, ours] = ["Pretendard", "MitbadakUI"];
const utf16 = (text) => Buffer.from(text, "utf16le").swap16();
const tables = Array.from({ length: sfnt.readUInt16BE(4) }, (_, index) => 12 + 16 * index);
const entry = tables.find((at) => sfnt.toString("latin1", at, at + 4) === "name");
const names = sfnt.subarray(sfnt.readUInt32BE(entry + 8)).subarray(0, sfnt.readUInt32BE(entry + 12));
for (const encoded of [utf16, Buffer.from]) {
  for (let at; (at = names.indexOf(encoded(theirs))) >= 0; ) encoded(ours).copy(names, at);
}
writeFileSync(into, await require("fontverter").convert(sfnt, "woff2"));
