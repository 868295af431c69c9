/*
 * What a request costs at least: servers that do nothing else. Forked with a job as its argument, it says on which port
 * it listens.
 *   node  bare node:http with a body that is ready
 *   nest  bare Nest with a body that is ready
 *   pg    bare node:http that passes on the JSON text of prepared statements
 */
import 'reflect-metadata';
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);
const JSON_TYPE = 'application/json; charset=utf-8';
const POOL_SIZE = 10;

/** Starts a server and returns its address, its process and how to stop it. */
export function startLimit(job) {
  return new Promise((resolve, reject) => {
    const child = fork(file, ['serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('error', reject);
    child.on('message', (message) => {
      if (message === 'ready') child.send(job);
      else resolve({ url: `http://127.0.0.1:${message.port}`, pid: child.pid, stop: () => child.kill() });
    });
  });
}

if (process.argv[2] === 'serve' && process.argv[1] === file) {
  process.once('message', (job) => {
    void SERVERS[job.kind](job).then((server) => process.send({ port: server.address().port }));
  });
  process.once('disconnect', () => process.exit(0));
  process.send('ready');
}

const SERVERS = { node: serveNode, nest: serveNest, pg: serveStatements };

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function serveNode({ body }) {
  const bytes = Buffer.from(body);
  const headers = { 'Content-Type': JSON_TYPE, 'Content-Length': bytes.length };
  return listen(http.createServer((_, response) => response.writeHead(200, headers).end(bytes)));
}

async function serveNest({ body }) {
  const { Controller, Get, Header, Module } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  class FixedController {
    answer() {
      return body;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(FixedController.prototype, 'answer');
  Get('answer')(FixedController.prototype, 'answer', descriptor);
  Header('Content-Type', JSON_TYPE)(FixedController.prototype, 'answer', descriptor);
  Controller()(FixedController);
  class FixedModule {}
  Module({ controllers: [FixedController] })(FixedModule);
  const app = await NestFactory.create(FixedModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

/** `requests` holds the statements of each request, one after the other; always the next is answered. */
async function serveStatements({ databaseUrl, options, requests }) {
  const { default: pg } = await import('pg');
  const types = { getTypeParser: () => (text) => text };
  const pool = new pg.Pool({ connectionString: databaseUrl, options, max: POOL_SIZE, types });
  const names = new Map();
  const nameOf = (sql) => names.get(sql) ?? names.set(sql, `s${names.size}`).get(sql);
  let next = 0;
  const answer = async (response) => {
    const texts = [];
    for (const { sql, parameters } of requests[next++ % requests.length]) {
      const text = `SELECT json_agg(row) FROM (${sql}) row`;
      const { rows } = await pool.query({ name: nameOf(text), text, values: parameters });
      texts.push(rows[0].json_agg);
    }
    const bytes = Buffer.from(`[${texts.join()}]`);
    response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Length': bytes.length }).end(bytes);
  };
  const fail = (response, error) => {
    process.stderr.write(`${error.message}\n`);
    response.writeHead(500).end();
  };
  return listen(http.createServer((_, response) => void answer(response).catch((e) => fail(response, e))));
}
