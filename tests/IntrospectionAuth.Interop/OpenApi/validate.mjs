// Validates the OpenAPI document at a URL against the JSON schema of its version, and resolves its references.
// It prints "Valid: <version>", or the faults.
//
//   node validate.mjs <url>
import SwaggerParser from '@apidevtools/swagger-parser';

const response = await fetch(process.argv[2]);
const { openapi } = await SwaggerParser.validate(await response.json());
console.log(`Valid: ${openapi}`);
