/** Opens a folder in a data folder of its own and says so after the first studies: to be killed in the middle. */
import { importStation } from './importStation.ts';
import path from 'node:path';

const [data = '', folder = ''] = process.argv.slice(2);
const station = await importStation(path.dirname(data), path.basename(data));
let told = 0;
station.on('job.progress', ({ done }) => {
  if (done < 2 || told++ > 0) return;
  process.send?.('under way');
});
await station.open([folder]);
process.send?.('done');
await station.close();
