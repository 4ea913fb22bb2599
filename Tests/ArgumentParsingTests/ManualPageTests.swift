import ArgumentParsing
import Testing

@Suite("The manual page")
struct ManualPageTests {
    @Test("Text is escaped so that roff shows it as it was written")
    func escapes() {
        let expected =
            #"""
            .TH "EDGE-CASE" "1" "" "edge-case" "edge-case manual"
            .SH NAME
            edge\-case \- It\(aqs a \(dqsmall\(dq program.
            .SH SYNOPSIS
            \fBedge\-case go\fP [OPTIONS] [WHERE]
            .SH DESCRIPTION
            \&.Leading dots, back\(rsslashes and \(ti/paths\(ha stay.
            .PP
            .RS 4
            .EX
              .verbatim \-\-too
            .EE
            .RE
            .SH OPTIONS
            .TP
            \fB\-k\fP, \fB\-\-kind\fP \fIKIND\fP
            One [of] these: don\(aqt \(rs mix. [one of: plain, two words, $HOME, it\(aqs]
            .TP
            \fB\-\-root\fP \fIDIRECTORY\fP
            A \(gafolder\(ga.
            .TP
            \fB\-h\fP, \fB\-\-help\fP
            Show this help.
            .SH COMMANDS
            .SS edge\-case go [WHERE]
            Go: now.
            .TP
            \fI[WHERE]\fP
            Where. [one of: a:b, c]

            """#
        #expect(EdgeTree.tree.manualPage() == expected)
    }

    @Test("The whole tree is on one page")
    func wholeTree() {
        let expected =
            #"""
            .TH "SAMPLE-HOST" "1" "2025-11-21" "sample-host 1.2.3" "sample-host manual"
            .SH NAME
            sample\-host \- Talk to a model server.
            .SH SYNOPSIS
            \fBsample\-host run\fP [OPTIONS] [PROMPT...]
            .br
            \fBsample\-host config check\fP [OPTIONS] FILE...
            .br
            \fBsample\-host config show\fP [OPTIONS]
            .br
            \fBsample\-host models\fP [OPTIONS]
            .br
            \fBsample\-host completions\fP [OPTIONS] SHELL
            .SH DESCRIPTION
            It reads a configuration, asks the server, and prints the answer while it arrives.
            .PP
            A configuration may be as short as this:
            .PP
            .RS 4
            .EX
              providers:
                \- module: provider\-vllm
            .EE
            .RE
            .SH OPTIONS
            .TP
            \fB\-\-config\fP \fIFILE\fP
            The mount plan to use. [default: config.yaml] [repeatable]
            .TP
            \fB\-v\fP, \fB\-\-verbose\fP
            Say more; twice: everything. [repeatable]
            .TP
            \fB\-h\fP, \fB\-\-help\fP
            Show this help.
            .TP
            \fB\-\-version\fP
            Show the version.
            .SH COMMANDS
            .SS sample\-host run [PROMPT...]
            Ask one question and print the answer.
            .PP
            Without a PROMPT, standard input is read.
            .TP
            \fI[PROMPT...]\fP
            The question; several are joined by spaces.
            .TP
            \fB\-m\fP, \fB\-\-model\fP \fINAME\fP
            The model to ask. [environment: SAMPLE_MODEL]
            .TP
            \fB\-\-endpoint\fP \fIcompletions|chat\fP
            The endpoint to use. [default: completions]
            .TP
            \fB\-s\fP, \fB\-\-set\fP \fIKEY=VALUE\fP
            Set a key of the provider\(aqs configuration. [repeatable]
            .TP
            \fB\-\-logprobs\fP \fIN\fP
            How many log\-probabilities to show for each token.
            .TP
            \fB\-t\fP, \fB\-\-temperature\fP \fIN\fP
            How freely to choose tokens.
            .TP
            \fB\-\-session\-root\fP \fIDIRECTORY\fP
            Where the event logs go.
            .TP
            \fB\-\-json\fP
            Print one JSON object.
            .TP
            \fB\-\-no\-stream\fP
            Wait for the whole answer.
            .TP
            \fB\-q\fP, \fB\-\-quiet\fP
            Print the answer only.
            .SS sample\-host config check FILE...
            Check mount plans.
            .TP
            \fIFILE...\fP
            The file.
            .SS sample\-host config show
            Show the plan in effect.
            .TP
            \fB\-\-origin\fP
            Say where each value comes from.
            .SS sample\-host models
            List the models that the server serves.
            .SS sample\-host completions SHELL
            Print a completion script.
            .TP
            \fISHELL\fP
            The shell. [one of: bash, zsh, fish]
            .SH ENVIRONMENT
            .TP
            \fBNO_COLOR\fP
            Turns colours off where it is not empty.
            .TP
            \fBSAMPLE_MODEL\fP
            Used where \-\-model is not given.
            .SH EXIT STATUS
            .TP
            \fB0\fP
            Done.
            .TP
            \fB64\fP
            The command line is wrong.
            .SH EXAMPLES
            Ask one question.
            .RS 4
            .EX
            sample\-host run \(dqWhat is 2+2?\(dq
            .EE
            .RE
            .PP
            Ask a model by name.
            .RS 4
            .EX
            sample\-host run \-\-model tiny\-chat \(aqWhat is 2+2?\(aq
            .EE
            .RE
            .PP
            Read the prompt from a file.
            .RS 4
            .EX
            sample\-host run \-\-json < prompt.txt | jq .text
            .EE
            .RE

            """#
        #expect(SampleTree.tree.manualPage(date: "2025-11-21") == expected)
    }

    @Test("The page of a program without subcommands has its arguments")
    func singleCommand() {
        let tree = CommandTree(Command("sim", summary: "Serve.", arguments: [Argument("PORT", hint: .integer, help: "The port.")]))
        let page = tree.manualPage()
        #expect(page.contains(".SH SYNOPSIS\n\\fBsim\\fP [OPTIONS] PORT\n"))
        #expect(page.contains(".SH ARGUMENTS\n.TP\n\\fIPORT\\fP\nThe port.\n"))
        #expect(!page.contains(".SH COMMANDS"))
    }
}
