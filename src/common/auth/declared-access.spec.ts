import { Controller, Get, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Limit } from '../limits/limit.decorator';
import { Public, Roles, SignedIn } from './access.decorators';
import { DeclaredAccess } from './declared-access';

@Controller('open')
class OpenToWhomController {
  @Get()
  @Limit('catalogue')
  read(): string {
    return 'read by whom?';
  }
}

@Controller('unlimited')
class UnlimitedController {
  @Get()
  @Public()
  read(): string {
    return 'read how often?';
  }
}

@Controller('careless')
class CarelessController {
  @Get('one')
  @Public()
  @Limit('catalogue')
  one(): string {
    return 'declared';
  }

  @Get('other')
  other(): string {
    return 'forgotten';
  }
}

@Controller('declared')
@SignedIn()
@Limit('account')
class DeclaredController {
  @Get('all')
  all(): string {
    return this.helper();
  }

  @Get('admins')
  @Roles('ADMIN')
  admins(): string {
    return this.helper();
  }

  helper(): string {
    return 'not a route';
  }
}

async function start(...controllers: Type[]): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers,
    providers: [DeclaredAccess],
  }).compile();
  await module.createNestApplication({ logger: false }).init();
}

describe('the start of the shop', () => {
  it('fails when a route declares neither its roles nor that it is public', async () => {
    await expect(start(OpenToWhomController)).rejects.toThrow(/OpenToWhomController\.read .*roles/);
  });

  it('fails when a route has no rate limit class', async () => {
    await expect(start(UnlimitedController)).rejects.toThrow(/UnlimitedController\.read .*rate limit class/);
  });

  it('names every route that is at fault, and no other', async () => {
    const error: unknown = await start(DeclaredController, CarelessController, UnlimitedController).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toMatch(/CarelessController\.other .*CarelessController\.other/s);
    expect(String(error)).toContain('UnlimitedController.read');
    expect(String(error)).not.toMatch(/CarelessController\.one|DeclaredController/);
  });

  it('succeeds when each route, or its controller, declares both', async () => {
    await expect(start(DeclaredController)).resolves.toBeUndefined();
  });
});
