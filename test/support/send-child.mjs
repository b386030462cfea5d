// One process that sends what is due, as `digest send` does; told when to begin, so that it can be killed at any moment of it.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../dist/app.module.js';
import { boot } from '../../dist/boot.js';
import { DeliveryService } from '../../dist/subscriptions/delivery.service.js';

const started = await boot();
const app = await NestFactory.createApplicationContext(AppModule.of(started, { serve: false }), { logger: false });
process.stdin.once('data', async () => {
  const signal = new AbortController().signal;
  const run = await app.get(DeliveryService).run({ trigger: 'command', holder: `child ${process.pid}`, signal });
  process.stdout.write(`${JSON.stringify(run)}\n`, () => process.exit(0));
});
process.stdout.write('ready\n');
