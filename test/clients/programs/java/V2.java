import java.net.URI;
import software.amazon.awssdk.services.sts.StsClient;

/** Asks STS who it is, by the AWS SDK for Java 2 and its default chain. */
public class V2 {
    public static void main(String[] args) {
        try (var client = StsClient.builder().endpointOverride(URI.create(System.getenv("TEST_ENDPOINT"))).build()) {
            client.getCallerIdentity();
        }
    }
}
