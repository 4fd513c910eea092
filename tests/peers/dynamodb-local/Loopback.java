import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * DynamoDB Local in memory, on a free port of 127.0.0.1: its own main class listens on every
 * address of the machine, has no option against that, and sets up its telemetry. Each access key
 * has its own tables; with -sharedDb all have the same. Says the port when it answers, and ends
 * with its parent.
 */
public class Loopback {
    /** Kept here, or it would be forgotten with its level. */
    static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

    public static void main(String[] options) throws Exception {
        ProcessHandle.current().parent()
            .ifPresent(run -> run.onExit().thenRun(() -> System.exit(0)));
        SQLITE.setLevel(Level.WARNING);
        boolean inMemory = true, delayTransientStatuses = false;
        boolean sharedDb = List.of(options).contains("-sharedDb");
        var tables =
            new LocalDynamoDBRequestHandler(0, inMemory, null, sharedDb, delayTransientStatuses);
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new LocalDynamoDBServerHandler(tables, null));
        try {
            server.start();
            answers(connector.getLocalPort());
        } catch (Throwable error) {
            error.printStackTrace();
            System.exit(1);
        }
        System.out.println(connector.getLocalPort());
    }

    static void answers(int port) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/"
                + "aws4_request, SignedHeaders=host, Signature=0")
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
        var direct = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
        var answer = direct.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }
}
