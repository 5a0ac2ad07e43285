import java.util.stream.IntStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of a cluster on loopback: `java Node NUMBER NODES FIRST_HTTP_PORT FOLDER`. */
public class Node {
    private static final String MODULES = "Analysis,org.opensearch.transport.Netty4ModulePlugin,"
        + "org.opensearch.index.reindex.ReindexModulePlugin";

    public static void main(String[] args) throws Exception {
        int number = Integer.parseInt(args[0]);
        int nodes = Integer.parseInt(args[1]);
        int http = Integer.parseInt(args[2]);
        int transport = http + 100;
        String[] names = IntStream.range(0, nodes).mapToObj(n -> "node" + n).toArray(String[]::new);
        String[] seeds = IntStream.range(0, nodes)
            .mapToObj(n -> "127.0.0.1:" + (transport + n)).toArray(String[]::new);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((index, settings) -> {
            settings.put("node.name", names[number]);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", String.valueOf(http + number));
            settings.put("transport.port", String.valueOf(transport + number));
            // Nodes of a test cluster come and go on a disk that may be nearly full.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            if (nodes > 1) {
                settings.put("discovery.type", "zen");
                settings.putList("discovery.seed_hosts", seeds);
                settings.putList("cluster.initial_cluster_manager_nodes", names);
            }
        });
        runner.build(OpenSearchRunner.newConfigs().numOfNode(1)
            .clusterName("dateline-tests")
            .moduleTypes(MODULES).basePath(args[3] + "/node" + number));
        Thread.currentThread().join();
    }
}
