import "reflect-metadata";
import {
  All,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  type NestInterceptor,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
// The metadata of parameters refers to ModuleRef at run time.
// oxlint-disable-next-line typescript/consistent-type-imports
import { ModuleRef, NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import type { Request, Response } from "express";
import { createServer, type NodeHandler, type Server, tool } from "methodic";
import { finalize, type Observable } from "rxjs";
import { say, wait } from "../parts.ts";

@Injectable()
class Database implements OnApplicationShutdown {
  readonly name: string = "nest";

  // Runs after Nest has closed its connections.
  onApplicationShutdown(): void {
    say("database closed");
  }
}

@Injectable()
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<Request>().headers["x-key"] === "nest";
  }
}

@Injectable()
class NeverGuard implements CanActivate {
  canActivate(): boolean {
    say("a guard on a service ran");
    return false;
  }
}

@Injectable()
class Timing implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method } = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(finalize(() => say(`intercepted ${method}`)));
  }
}

// Guards of a service have no effect: Nest runs them for controllers.
@Injectable()
@UseGuards(NeverGuard)
class Notes {
  constructor(private readonly database: Database) {}

  onStart(): void {
    say("notes started");
  }

  onStop(): void {
    say("notes stopped");
  }

  /** Saves the notes. */
  @tool() async save(): Promise<string> {
    await wait();
    return `saved by ${this.database.name}`;
  }
}

/** Makes the server, and closes it before Nest closes its connections. */
@Injectable()
class Mcp implements OnModuleDestroy {
  readonly server: Server;
  readonly handle: NodeHandler;

  constructor(modules: ModuleRef) {
    this.server = createServer({
      name: "notes",
      version: "1.0.0",
      services: [Notes],
      resolve: (service) => modules.get<object>(service, { strict: false }),
    });
    this.handle = this.server.nodeHandler();
  }

  async onModuleDestroy(): Promise<void> {
    await this.server.close();
  }
}

@Controller("mcp")
@UseGuards(KeyGuard)
@UseInterceptors(Timing)
class McpController {
  constructor(private readonly mcp: Mcp) {}

  @All() async answer(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.mcp.handle(request, response);
  }
}

@Module({ controllers: [McpController], providers: [Database, KeyGuard, NeverGuard, Notes, Mcp] })
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ["error", "warn"] });
// The test sends other signals as well.
app.enableShutdownHooks(["SIGTERM"]);
await app.listen(0, "127.0.0.1");
say(`serves MCP at ${await app.getUrl()}/mcp`);
