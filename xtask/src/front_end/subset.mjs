// node subset.mjs PACKAGE FONT INTO < the characters: the glyphs that those characters need, as woff2.
// Between the weights that the page's styles use; without the name table, see words_font.rs.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packageFolder, font, into] = process.argv.slice(2);
const { default: subsetFont } = await import(pathToFileURL(`${packageFolder}/index.js`));
const [min, max] = process.env.WEIGHTS.split(" ").map(Number);
writeFileSync(
  into,
  await subsetFont(readFileSync(font), readFileSync(0, "utf8"), {
    targetFormat: "woff2",
    variationAxes: { wght: { min, max } },
    dropTables: ["name"],
  }),
);
