import Configuration
import HostSession
import JSON
import TestSupport
import Testing
import VLLMProvider

@testable import vllm_host

@Suite("Files that are made from the sources (make generated)")
struct GeneratedFileTests {
    @Test("Config/config.schema.json describes mount plans and the configurations of all that is built in")
    func schema() throws {
        let schema = MountPlan.jsonSchema(schemas: SessionSetup.builtInModules.schemas)
        #expect(try GeneratedFile.holds(schema.prettyText + "\n", path: "Config/config.schema.json"))
    }

    @Test("Plugins/provider-vllm/config.schema.json describes the provider's configuration alone, for the plugin's manifest")
    func pluginSchema() throws {
        let schema = VLLMProvider.schema.jsonSchema
        #expect(try GeneratedFile.holds(schema.prettyText + "\n", path: "Plugins/provider-vllm/config.schema.json"))
    }

    @Test("docs/configuration.md has every key of the provider's configuration")
    func configuration() throws {
        #expect(try GeneratedFile.holds(ConfigurationPage.text, path: "docs/configuration.md"))
    }
}
