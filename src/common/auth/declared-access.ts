import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { StartupError } from '../../config/startup-error';
import { LIMIT } from '../limits/limit.decorator';
import { ACCESS } from './access.decorators';

/** Stops the start-up when a route declares neither its roles nor that it is public, or has no rate limit class. */
@Injectable()
export class DeclaredAccess implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = [
      ...this.routesWithout(ACCESS, 'roles'),
      ...this.routesWithout(LIMIT, 'a rate limit class'),
    ];
    if (undeclared.length > 0) throw new StartupError(undeclared.join(' '));
  }

  private routesWithout(metadata: string, what: string): string[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) =>
      handlersOf(this.scanner, instance)
        .filter(
          ({ handler }) =>
            this.reflector.getAllAndOverride(metadata, [handler, metatype ?? handler]) === undefined,
        )
        .map(
          ({ name }) => `The route ${metatype?.name}.${name} declares neither ${what} nor that it has none.`,
        ),
    );
  }
}

type Handler = (...args: never[]) => unknown;

function handlersOf(scanner: MetadataScanner, controller: object): { name: string; handler: Handler }[] {
  const prototype = Object.getPrototypeOf(controller) as Record<string, Handler>;
  return scanner
    .getAllMethodNames(prototype)
    .map((name) => ({ name, handler: prototype[name] as Handler }))
    .filter(({ handler }) => Reflect.hasMetadata('path', handler));
}
