package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.KeyType;
import software.amazon.awssdk.services.ec2.model.LaunchTemplate;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateErrorCode;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;

@ExtendWith(RunningStack.class)
class LaunchTemplatesIT {

    private static final String IMAGE = "ami-08bc385c9fc5afc94";
    private static final Tag NAME = Tag.builder().key("Name").value("web").build();

    @Test
    void aTemplateHasVersionsThatBuildOnEachOther(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2();
                Ec2Client other = AwsClients.ofNewAccount(stack).ec2()) {
            LaunchTemplate made = ec2.createLaunchTemplate(wish -> wish.launchTemplateName("web")
                            .versionDescription("first")
                            .clientToken("once")
                            .launchTemplateData(data -> data.imageId(IMAGE).instanceType(InstanceType.T2_MICRO))
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.LAUNCH_TEMPLATE)
                                    .tags(NAME)))
                    .launchTemplate();
            assertThat(made.launchTemplateId()).matches("lt-[0-9a-f]{17}");
            assertThat(made.tags()).containsExactly(NAME);
            assertThat(codeOf(() -> ec2.createLaunchTemplate(
                            wish -> wish.launchTemplateName("web").launchTemplateData(data -> data.imageId(IMAGE)))))
                    .isEqualTo("InvalidLaunchTemplateName.AlreadyExistsException");

            LaunchTemplateVersion second = ec2.createLaunchTemplateVersion(wish -> wish.launchTemplateName("web")
                            .sourceVersion("1")
                            .launchTemplateData(data -> data.instanceType(InstanceType.T2_NANO)))
                    .launchTemplateVersion();
            assertThat(second.versionNumber()).isEqualTo(2);
            assertThat(second.defaultVersion()).isFalse();
            assertThat(second.launchTemplateData().imageId()).isEqualTo(IMAGE);
            assertThat(second.launchTemplateData().instanceType()).isEqualTo(InstanceType.T2_NANO);
            assertThat(ec2.describeLaunchTemplateVersions(all -> all.launchTemplateId(made.launchTemplateId()))
                            .launchTemplateVersions())
                    .extracting(LaunchTemplateVersion::versionNumber)
                    .containsExactly(2L, 1L);
            assertThat(ec2.describeLaunchTemplateVersions(all -> all.versions("$Latest")
                                    .filters(Filter.builder()
                                            .name("instance-type")
                                            .values("t2.n*")
                                            .build()))
                            .launchTemplateVersions())
                    .containsExactly(second);

            assertThat(ec2.modifyLaunchTemplate(
                                    change -> change.launchTemplateName("web").defaultVersion("2"))
                            .launchTemplate()
                            .defaultVersionNumber())
                    .isEqualTo(2);
            var gone = ec2.deleteLaunchTemplateVersions(
                    which -> which.launchTemplateName("web").versions("1", "2", "7"));
            assertThat(gone.successfullyDeletedLaunchTemplateVersions())
                    .singleElement()
                    .satisfies(version -> assertThat(version.versionNumber()).isEqualTo(1));
            assertThat(gone.unsuccessfullyDeletedLaunchTemplateVersions())
                    .extracting(version -> version.responseError().code())
                    .containsExactly(
                            LaunchTemplateErrorCode.UNEXPECTED_ERROR,
                            LaunchTemplateErrorCode.LAUNCH_TEMPLATE_VERSION_DOES_NOT_EXIST);

            assertThat(codeOf(
                            () -> other.deleteLaunchTemplate(which -> which.launchTemplateId(made.launchTemplateId()))))
                    .isEqualTo("InvalidLaunchTemplateId.NotFound");
            ec2.deleteLaunchTemplate(which -> which.launchTemplateName("web"));
            assertThat(codeOf(() -> ec2.describeLaunchTemplates(all -> all.launchTemplateNames("web"))))
                    .isEqualTo("InvalidLaunchTemplateName.NotFoundException");
        }
    }

    @Test
    void aLaunchTakesWhatItsTemplateSaysButForWhatItSaysItself(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            ec2.createKeyPair(wish -> wish.keyName("mine").keyType(KeyType.ED25519));
            ec2.createLaunchTemplate(wish -> wish.launchTemplateName("base")
                    .launchTemplateData(data -> data.imageId(IMAGE)
                            .instanceType(InstanceType.T2_MICRO)
                            .keyName("mine")
                            .tagSpecifications(tags ->
                                    tags.resourceType(ResourceType.INSTANCE).tags(NAME))));
            Instance launched = ec2.runInstances(wish -> wish.minCount(1)
                            .maxCount(1)
                            .instanceType(InstanceType.T2_NANO)
                            .launchTemplate(template -> template.launchTemplateName("base")))
                    .instances()
                    .getFirst();
            assertThat(launched.imageId()).isEqualTo(IMAGE);
            assertThat(launched.instanceType()).isEqualTo(InstanceType.T2_NANO);
            assertThat(launched.keyName()).isEqualTo("mine");
            assertThat(launched.tags()).contains(NAME);
            // Which template and version it was launched of.
            assertThat(launched.tags())
                    .extracting(Tag::key)
                    .contains("aws:ec2launchtemplate:id", "aws:ec2launchtemplate:version");
            assertThat(codeOf(() -> ec2.runInstances(wish -> wish.minCount(1)
                            .maxCount(1)
                            .launchTemplate(template ->
                                    template.launchTemplateName("base").version("2")))))
                    .isEqualTo("InvalidLaunchTemplateId.VersionNotFound");
            assertThat(ec2.getLaunchTemplateData(of -> of.instanceId(launched.instanceId()))
                            .launchTemplateData()
                            .keyName())
                    .isEqualTo("mine");
        }
    }
}
