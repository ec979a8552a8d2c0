package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/** Organizations over REST, and what they share on the bill. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class OrganizationsServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(800);

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    private final String management = newAccount();
    private final String member = newAccount();

    @Test
    void anAccountJoinsByAcceptingAnInvitationAndLeavesByItself() {
        String organization = create(management);
        String invitation = invite(organization, member);
        as(member).get("/v1/organization-invitations").then().body("invitations.id", contains(invitation));

        as(member)
                .post("/v1/organization-invitations/" + invitation + "/accept")
                .then()
                .statusCode(200)
                .body("state", equalTo("accepted"));

        as(member).get("/v1/organizations").then().body("organizations.id", contains(organization));
        as(management)
                .get("/v1/organizations/" + organization + "/members")
                .then()
                .body("members.account", contains(management, member));
        refused(as(management).delete("/v1/organizations/" + organization).then(), 409, "OrganizationNotEmpty");

        as(member)
                .delete("/v1/organizations/" + organization + "/members/" + member)
                .then()
                .statusCode(200);
        as(member).get("/v1/organizations").then().body("organizations", empty());
        as(management).delete("/v1/organizations/" + organization).then().statusCode(200);
        refused(as(management).get("/v1/organizations/" + organization).then(), 404, "OrganizationNotFound");
    }

    @Test
    void anAnswerCountsOnceAndNobodyIsInTwoOrganizations() {
        String organization = create(management);
        String first = invite(organization, member);
        String second = invite(organization, member);
        accept(member, first);

        refused(answer(member, second, "accept"), 409, "AlreadyInOrganization");
        refused(answer(member, first, "decline"), 409, "InvalidHandshakeTransition");
        refused(
                as(management).delete("/v1/organization-invitations/" + first).then(),
                409,
                "InvalidHandshakeTransition");
        refused(as(member).post("/v1/organizations").then(), 409, "AlreadyInOrganization");
        as(management).delete("/v1/organization-invitations/" + second).then().statusCode(200);
        refused(answer(member, second, "accept"), 409, "InvalidHandshakeTransition");
    }

    @Test
    void onlyTheManagementAccountManagesAndItStays() {
        String organization = create(management);
        accept(member, invite(organization, member));
        String path = "/v1/organizations/" + organization;

        refused(as(member).get(path + "/members").then(), 403, "UnauthorizedOperation");
        refused(as(member).get(path + "/invitations").then(), 403, "UnauthorizedOperation");
        refused(as(member).delete(path).then(), 403, "UnauthorizedOperation");
        refused(as(member).delete(path + "/members/" + management).then(), 409, "MasterCannotLeaveOrganization");
        refused(as(management).delete(path + "/members/" + management).then(), 409, "MasterCannotLeaveOrganization");
        refused(as(management).delete(path + "/members/000000000001").then(), 404, "AccountNotFound");
        refused(as(management).delete(path + "/members/you").then(), 400, "InvalidParameterValue");
        as(management)
                .contentType(ContentType.JSON)
                .body(Map.of("account", "12"))
                .post(path + "/invitations")
                .then()
                .statusCode(400)
                .body("field", equalTo("account"));
    }

    @Test
    void anotherAccountsOrganizationAndInvitationAreLikeOnesThatDoNotExist() {
        String organization = create(management);
        String invitation = invite(organization, member);
        String stranger = newAccount();

        refused(as(stranger).get("/v1/organizations/" + organization).then(), 404, "OrganizationNotFound");
        refused(
                as(stranger)
                        .get("/v1/organizations/" + organization + "/members")
                        .then(),
                404,
                "OrganizationNotFound");
        refused(answer(stranger, invitation, "accept"), 404, "HandshakeNotFound");
        // Whoever sent it can't accept it for the other.
        refused(answer(management, invitation, "accept"), 404, "HandshakeNotFound");
        refused(as(member).delete("/v1/organization-invitations/" + invitation).then(), 404, "HandshakeNotFound");
        // Invited isn't member.
        refused(as(member).get("/v1/organizations/" + organization).then(), 404, "OrganizationNotFound");
    }

    @Test
    void whatTheManagementAccountBoughtPaysForAMemberAndTheManagementAccountPaysForAll() {
        accept(member, invite(create(management), member));
        Instant startsAt = buyAnM4Large(management);
        String month = startsAt.toString().substring(0, 7);
        Life covered = new Life(member, "us-east-1a", "m4.large", "linux", "on-demand", clock.epoch())
                .launched(startsAt.truncatedTo(ChronoUnit.HOURS));
        Life uncovered = new Life(member, "us-east-1a", "c4.large", "linux", "on-demand", clock.epoch())
                .launched(startsAt.truncatedTo(ChronoUnit.HOURS))
                .terminated(startsAt.truncatedTo(ChronoUnit.HOURS).plusSeconds(60));
        ServiceFixture.send(producer, covered.events);
        ServiceFixture.send(producer, uncovered.events);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);

        bill(member, month)
                .body("lines.category", hasItems("ri-covered", "on-demand"))
                .body("lines.account", everyItem(equalTo(member)));
        bill(management, month)
                .body("lines.category", hasItem("ri-recurring"))
                .body("lines.account", everyItem(equalTo(management)));
        ValidatableResponse all = bill(management, month + "/consolidated")
                .body("lines.account", hasItems(management, member))
                .body("lines.category", hasItems("ri-covered", "ri-recurring", "on-demand"));
        assertThat(billed(all)).isEqualByComparingTo(billed(bill(member, month)).add(billed(bill(management, month))));
        bill(member, month + "/consolidated").body("lines", empty()).body("invoiceTotal", equalTo("0"));
        // And a stranger's bill has nothing of it.
        bill(newAccount(), month + "/consolidated").body("lines.category", not(hasItem("ri-covered")));
    }

    /** When its term begins. */
    private Instant buyAnM4Large(String account) {
        String offering = as(account)
                .queryParams(Map.of(
                        "instanceType", "m4.large",
                        "os", "linux",
                        "offeringClass", "standard",
                        "paymentOption", "no-upfront",
                        "termYears", "1"))
                .get("/v1/reserved-instances/offerings")
                .then()
                .extract()
                .path("offerings[0].offeringId");
        return Instant.parse(as(account)
                .contentType(ContentType.JSON)
                .body(Map.of("offeringId", offering))
                .post("/v1/reserved-instances")
                .then()
                .statusCode(201)
                .extract()
                .path("startsAt"));
    }

    private static ValidatableResponse bill(String account, String path) {
        return as(account).get("/v1/bills/" + path).then().statusCode(200);
    }

    private static BigDecimal billed(ValidatableResponse bill) {
        return new BigDecimal(bill.extract().<String>path("totals.billedCost"));
    }

    private static String create(String account) {
        return as(account)
                .post("/v1/organizations")
                .then()
                .statusCode(201)
                .body("managementAccount", equalTo(account))
                .extract()
                .path("id");
    }

    private String invite(String organization, String account) {
        return as(management)
                .contentType(ContentType.JSON)
                .body(Map.of("account", account))
                .post("/v1/organizations/" + organization + "/invitations")
                .then()
                .statusCode(201)
                .body("state", equalTo("open"))
                .extract()
                .path("id");
    }

    private static void accept(String account, String invitation) {
        answer(account, invitation, "accept").statusCode(200);
    }

    private static ValidatableResponse answer(String account, String invitation, String answer) {
        return as(account)
                .post("/v1/organization-invitations/" + invitation + "/" + answer)
                .then();
    }

    private static void refused(ValidatableResponse response, int status, String code) {
        response.statusCode(status).body("code", equalTo(code));
    }

    private static RequestSpecification as(String account) {
        return given().header("Authorization", "Bearer " + account);
    }

    private static String newAccount() {
        return "%012d".formatted(ACCOUNTS.incrementAndGet());
    }
}
