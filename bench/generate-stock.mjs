// Generates the schemas of the same project with ts-json-schema-generator alone, from its type
// nodes: one program, one generator, no Methodic.
import tsj from "ts-json-schema-generator";
import ts from "typescript";

const folder = process.argv[2];
const { config } = ts.readConfigFile(`${folder}/tsconfig.json`, ts.sys.readFile);
const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
const program = ts.createProgram(fileNames, options);
const settings = { ...tsj.DEFAULT_CONFIG, expose: "none", topRef: false, skipTypeCheck: true };
const generator = new tsj.SchemaGenerator(
  program,
  tsj.createParser(program, settings),
  tsj.createFormatter(settings),
  settings,
);

const schemas = [];
let tools = 0;
const generate = (node) => schemas.push(generator.createSchemaFromNodes([node]));
function visit(node) {
  if (ts.isMethodDeclaration(node) && ts.getDecorators(node)?.length) {
    tools++;
    // The generator alone cannot read a parameter whose type is inferred from its default. Methodic
    // can, so it does more work here.
    for (const parameter of node.parameters) if (parameter.type) generate(parameter);
    if (node.type) generate(node.type);
  }
  ts.forEachChild(node, visit);
}
for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) visit(file);
console.log(
  JSON.stringify({ bytes: JSON.stringify(schemas).length, tools, rssMb: process.resourceUsage().maxRSS / 1024 }),
);
