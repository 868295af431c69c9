import { Cluster } from '../support/cluster';
import { itShops } from './flows';

describe('one instance of two workers behind nginx, with a replica and without Redis', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start(['--instances', '1', '--workers', '2', '--no-redis']);
  });

  afterAll(() => cluster?.stop());

  itShops(() => cluster);
});
