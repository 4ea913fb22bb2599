import Locks

/// The handles of this image.
enum Handles {
    static let instances = HandleTable<PluginInstance>()
    static let calls = HandleTable<PluginCall>()
}
