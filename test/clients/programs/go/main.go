// Asks STS who it is, by the AWS SDK for Go 2 and its default chain.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	if err := ask(context.Background()); err != nil {
		println(err.Error())
		os.Exit(1)
	}
}

func ask(ctx context.Context) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	endpoint := os.Getenv("TEST_ENDPOINT")
	client := sts.NewFromConfig(cfg, func(o *sts.Options) { o.BaseEndpoint = &endpoint })
	_, err = client.GetCallerIdentity(ctx, nil)
	return err
}
