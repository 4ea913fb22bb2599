import CProviderPlugin
import Testing

@Suite("The plugin ABI")
struct PluginVersionTests {
    @Test("the header's version is the one that the documents speak of")
    func version() { #expect(PROVIDER_PLUGIN_ABI_VERSION == 1) }
}
