// For programs that show nothing while they run: whoever asks reads their aggregations.
import type { Sink } from './sink.js';

export class SilentSink implements Sink {
  isQuiet = true;

  event(): void {}

  print(): void {}

  beginRow(): void {}

  trace(): void {}

  tracemem(): void {}

  printf(): void {}

  printa(): void {}

  endRow(): void {}

  interrupt(): void {}

  end(): void {}

  loss(): void {}
}
