// Receives OTLP metrics, traces and logs over http/protobuf and over gRPC, decodes them with OpenTelemetry's JavaScript package (none of our code, nor .NET's),
// and prints one line of JSON for each request. First line: the two ports.
import { createServer } from "node:http";
import { createServer as createServer2 } from "node:http2";
import { createRequire } from "node:module";

const folder = process.argv[2];
const root = createRequire(`${folder}/`)("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const collector = root.opentelemetry.proto.collector;
const kinds = {
  metrics: collector.metrics.v1.ExportMetricsServiceRequest,
  trace: collector.trace.v1.ExportTraceServiceRequest,
  logs: collector.logs.v1.ExportLogsServiceRequest,
};
const print = (via, body) => {
  const kind = kinds[Object.keys(kinds).find((name) => via.includes(name))];
  console.log(JSON.stringify({ via, ...kind.toObject(kind.decode(body), { longs: Number, bytes: String }) }));
};

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const http = createServer(async (request, response) => {
  print(`http ${request.url} ${request.headers["content-type"]}`, await read(request));
  response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
});

const grpc = createServer2(async (request, response) => {
  const body = await read(request);
  print(`grpc ${request.url}`, body.subarray(5)); // flag and length of a gRPC message
  response.writeHead(200, { "content-type": "application/grpc" });
  response.addTrailers({ "grpc-status": "0" });
  response.end(Buffer.alloc(5)); // an empty message
});

http.listen(0, process.argv[3], () => grpc.listen(0, process.argv[3], () =>
  console.log(JSON.stringify({ http: http.address().port, grpc: grpc.address().port }))));
process.stdin.on("end", () => process.stdout.write("", () => process.exit(0))).resume(); // goes when the test goes
