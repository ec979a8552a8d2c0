package io.cumulet.instances.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.embedded.StackResource;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A committer on a database that fails where the test says. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class CommitterFaultsTest {

    private static final Region REGION = new Region("ap-southeast-2");
    private static final String POISON = "poison";

    @Inject
    CapacityDemandConfig demands;

    @Inject
    AddressesConfig addresses;

    @Inject
    ZoneStore store;

    @Inject
    Announcer announcer;

    @Inject
    InstanceDriver driver;

    @Inject
    Timers timers;

    @Inject
    Traces traces;

    @Inject
    StackClock clock;

    @Inject
    UserTransaction transaction;

    @Inject
    DefaultNetworks networks;

    @Inject
    NetworkStore networkStore;

    @Inject
    SecurityGroups groups;

    @Inject
    ScheduledReservations scheduled;

    @Inject
    LaunchNames names;

    @Inject
    InterfaceReads interfaceReads;

    @Inject
    InstanceReads reads;

    private Faults faults;
    private Zones zones;
    private Launches launches;
    private final AccountId account =
            new AccountId(String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)));

    @BeforeEach
    void start() {
        faults = new Faults(store);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        zones = new Zones(
                faults.store(),
                announcer,
                driver,
                timers,
                clock,
                transaction,
                new UnseededFleet(),
                demands,
                addresses,
                metrics,
                traces);
        launches = new Launches(
                zones,
                new FirstHosts(zones, new UnseededFleet()),
                networks,
                networkStore,
                interfaceReads,
                groups,
                names,
                scheduled,
                clock,
                metrics);
    }

    @AfterEach
    void stop() {
        faults.gate.countDown();
        zones.stop(null);
    }

    @Test
    void aCommandThatCannotBeWrittenDoesNotFailItsNeighbours() {
        CompletableFuture<Outcome<Launched>> first = launch("first");
        List<CompletableFuture<Outcome<Launched>>> neighbours = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            neighbours.add(launch("n" + i));
        }
        CompletableFuture<Outcome<Launched>> bad = launch(POISON);
        neighbours.add(launch("last"));
        faults.gate.countDown();

        first.join().orThrow();
        neighbours.forEach(neighbour -> neighbour.join().orThrow());
        assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class);
        assertThat(mine()).hasSize(7);
    }

    @Test
    void whileTheDatabaseIsAwayCallersAreToldAndNothingIsChanged() {
        faults.gate.countDown();
        launch("before").join().orThrow();
        faults.away = true;
        assertThatThrownBy(() -> launch("during").join())
                .hasCauseInstanceOf(RefusedException.class)
                .satisfies(failure -> assertThat(((RefusedException) failure.getCause())
                                .refusal()
                                .code())
                        .isEqualTo(ErrorCode.UNAVAILABLE));
        faults.away = false;
        launch("after").join().orThrow();
        assertThat(mine()).hasSize(2);
    }

    private CompletableFuture<Outcome<Launched>> launch(String name) {
        return launches.launch(
                        new LaunchWish(
                                "ami-785db401",
                                "t3.nano",
                                1,
                                1,
                                "ap-southeast-2c",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Map.of("Name", name),
                                null,
                                null,
                                null,
                                List.of()),
                        account,
                        REGION)
                .toCompletableFuture();
    }

    private List<Instance> mine() {
        return reads.list(
                new InstanceReads.InstanceFilter(account, REGION, Map.of(), Map.of(), List.of()),
                clock.instant().minusSeconds(3600),
                null,
                100);
    }

    /** Passes all on to the real store, but for what the test makes fail. */
    private static final class Faults implements InvocationHandler {
        private final ZoneStore real;
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean away;

        Faults(ZoneStore real) {
            this.real = real;
        }

        ZoneStore store() {
            return (ZoneStore)
                    Proxy.newProxyInstance(ZoneStore.class.getClassLoader(), new Class<?>[] {ZoneStore.class}, this);
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("lock") && away) {
                throw new IllegalStateException(new SQLException("gone", "08006"));
            }
            if (method.getName().equals("write")) {
                gate.await();
                if (((ZoneChanges) arguments[1])
                        .inserted().stream()
                                .anyMatch(instance ->
                                        POISON.equals(instance.tags().get("Name")))) {
                    throw new IllegalStateException("It can't be written");
                }
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
