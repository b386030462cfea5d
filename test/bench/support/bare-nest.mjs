/** The least that the same framework can do: a route that answers with the bytes it was given. `node bare-nest.mjs FILE`. */
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';

const body = readFileSync(process.argv[2], 'utf8');

class BareController {
  answer() {
    return body;
  }
}
const method = Object.getOwnPropertyDescriptor(BareController.prototype, 'answer');
Get('bare')(BareController.prototype, 'answer', method);
Header('Content-Type', 'application/json; charset=utf-8')(BareController.prototype, 'answer', method);
Controller()(BareController);

class BareModule {}
Module({ controllers: [BareController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
console.log(`listening on http://127.0.0.1:${app.getHttpServer().address().port}`);
