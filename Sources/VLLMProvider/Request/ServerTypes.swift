import VLLMClient

// The contract has types of these names, too; here both are at hand under different ones.
typealias ServerResponseFormat = ResponseFormat
typealias ServerToolChoice = ToolChoice
