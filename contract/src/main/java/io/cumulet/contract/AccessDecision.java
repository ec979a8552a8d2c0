package io.cumulet.contract;

import java.time.Instant;

/**
 * What an access key's policy said to one request. Key: the account.
 *
 * @param version counts up with each event of the account, without a gap, from 1
 * @param principalArn whoever signed: {@code arn:aws:iam::<account>:root}, or the session of a role
 * @param action API and action, such as {@code ec2:RunInstances}
 * @param decision {@code allowed} or {@code denied}
 * @param sourceAddress the IP address the request came from
 * @param requestId what the answer named it
 */
public record AccessDecision(
        String account,
        long version,
        String accessKeyId,
        String principalArn,
        String action,
        String region,
        String decision,
        String sourceAddress,
        String userAgent,
        String requestId,
        Instant occurredAt) {}
