package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Engine;
import io.contree.server.config.HttpSettings;
import io.contree.server.http.exchange.ConnectionWatch;
import io.contree.server.http.exchange.Router;
import io.contree.server.http.routes.ChangesRoutes;
import io.contree.server.http.routes.DiffRoutes;
import io.contree.server.http.routes.EventsRoutes;
import io.contree.server.http.routes.FilesRoutes;
import io.contree.server.http.routes.GrepRoutes;
import io.contree.server.http.routes.ImagesRoutes;
import io.contree.server.http.routes.InspectRoutes;
import io.contree.server.http.routes.InstancesRoutes;
import io.contree.server.http.routes.LineageRoutes;
import io.contree.server.http.routes.OperationsRoutes;
import io.contree.server.http.routes.SubprocessesRoutes;
import io.contree.server.http.routes.TimeParameter;
import io.contree.server.http.routes.WhoamiRoutes;
import io.contree.server.work.FileWork;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** The listening web server. Closing it ends all connections. */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_REQUEST_LINE = 32 << 10;
    private static final int MAX_HEADERS = 32 << 10;
    private static final int BACKLOG = 1024;

    /** Older clients give a request ten seconds: one or three of waiting, up to six of a search, the rest for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(1);

    private final WebServer server;
    private final Work work;
    private final ConnectionWatch watch;
    private final String host;
    private final String scheme;

    /** Work on files: searches keep a place for seconds, so they have places of their own. */
    record Work(FileWork files, FileWork searches) implements AutoCloseable {
        static Work of(HttpSettings settings) {
            int places = settings.fileThreads();
            return new Work(
                    new FileWork("requests that look into images", places, PATIENCE),
                    new FileWork("searches", places, SEARCH_PATIENCE));
        }

        @Override
        public void close() {
            files.close();
            searches.close();
        }
    }

    private HttpServer(WebServer server, Work work, ConnectionWatch watch, String host, String scheme) {
        this.scheme = scheme;
        this.server = server;
        this.work = work;
        this.watch = watch;
        this.host = host;
    }

    /**
     * Starts to serve.
     *
     * @throws ContreeException UNAVAILABLE if the address cannot be listened on
     */
    public static HttpServer start(Engine engine, HttpSettings settings) {
        InetSocketAddress listen = settings.listen();
        ConnectionWatch watch = new ConnectionWatch(settings.idleTimeout());
        Optional<Tls> tls = settings.access()
                .tls()
                .map(files -> Tls.builder().sslContext(files.load()).build());
        Authentication authentication =
                new Authentication(engine.tokens(), settings.access().open());
        Work work = Work.of(settings);
        Dispatcher dispatcher =
                new Dispatcher(router(engine, settings, work), authentication, settings, watch, engine::shown);
        var builder = WebServer.builder()
                .address(listen.getAddress())
                .port(listen.getPort())
                .backlog(BACKLOG)
                .maxTcpConnections(settings.maxConnections())
                .idleConnectionTimeout(settings.idleTimeout())
                .idleConnectionPeriod(shorter(settings.idleTimeout(), Duration.ofSeconds(5)))
                .connectionOptions(SocketOptions.builder()
                        .socketKeepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(500))
                .directHandlers(FrameworkErrors.handlers())
                // With one protocol nothing is guessed from the first bytes, and their absence counts as idle.
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new BoundedConnections(Http1Config.builder()
                        .maxPrologueLength(MAX_REQUEST_LINE)
                        .maxHeadersSize(MAX_HEADERS)
                        .addReceiveListener(new HeaderDeadline(watch, settings.idleTimeout()))
                        // Clients send ':', '/' and more as they are; what matters is decoded and checked here.
                        .validatePath(false)
                        .validatePrologue(false)
                        .build()))
                .routing(routing -> routing.any(dispatcher));
        tls.ifPresent(builder::tls);
        WebServer server = builder.build();
        try {
            // A start that fails is only logged by the web server.
            if (server.start().isRunning()) {
                return new HttpServer(server, work, watch, listen.getHostString(), tls.isPresent() ? "https" : "http");
            }
        } catch (RuntimeException e) {
            server.stop();
            work.close();
            watch.close();
            throw cannotListen(listen, e);
        }
        work.close();
        watch.close();
        throw cannotListen(listen, bindFailure(listen));
    }

    private static Exception bindFailure(InetSocketAddress listen) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(listen);
            return new BindException("the address was in use a moment ago");
        } catch (IOException e) {
            return e;
        }
    }

    private static ContreeException cannotListen(InetSocketAddress listen, Exception why) {
        return new ContreeException(
                ErrorCode.UNAVAILABLE,
                "cannot listen on " + listen.getHostString() + ":" + listen.getPort() + ": " + rootMessage(why)
                        + "; choose another address with --listen",
                why);
    }

    static Router router(Engine engine, HttpSettings settings, Work work) {
        Clock clock = Clock.system(ZoneId.systemDefault());
        TimeParameter times = new TimeParameter(clock);
        Router router = new Router();
        new WhoamiRoutes(engine.tokens()).register(router);
        new ImagesRoutes(engine.images(), engine.operations(), work.files(), times).register(router);
        new LineageRoutes(engine.images(), clock).register(router);
        new InspectRoutes(engine.images(), work.files()).register(router);
        new GrepRoutes(engine.images(), work.searches()).register(router);
        new ChangesRoutes(engine.images(), work.files()).register(router);
        new DiffRoutes(engine.images(), work.files()).register(router);
        new FilesRoutes(engine.files(), times).register(router);
        new InstancesRoutes(engine.operations()).register(router);
        new OperationsRoutes(engine.operations(), times, clock).register(router);
        new SubprocessesRoutes(engine.subprocesses()).register(router);
        new EventsRoutes(engine.operations(), settings.keepalive()).register(router);
        return router;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Where it listens; the port is the real one. */
    public URI uri() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(scheme + "://" + shown + ":" + server.port());
    }

    @Override
    public void close() {
        work.close();
        server.stop();
        watch.close();
    }
}
