import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClientBuilder;
import com.amazonaws.services.securitytoken.model.GetCallerIdentityRequest;

/** Asks STS who it is, by the AWS SDK for Java 1 and its default chain. */
public class V1 {
    public static void main(String[] args) {
        var endpoint = new EndpointConfiguration(System.getenv("TEST_ENDPOINT"), "us-east-1");
        var client = AWSSecurityTokenServiceClientBuilder.standard().withEndpointConfiguration(endpoint).build();
        client.getCallerIdentity(new GetCallerIdentityRequest());
    }
}
