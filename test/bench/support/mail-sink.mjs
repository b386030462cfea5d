// A mail server that takes everything and keeps nothing, in a process of its own.
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  authOptional: true,
  hideSTARTTLS: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    stream.on('end', () => done());
    stream.resume();
  },
});
server.on('error', () => undefined);
server.listen(0, '127.0.0.1', () => console.log(`taking mail on port ${server.server.address().port}`));
