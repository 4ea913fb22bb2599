import ArgumentParsing
import Testing

@Suite("Completion scripts for zsh and fish")
struct ShellScriptTests {
    @Test("zsh: a function a command, with names, help and values escaped for `_arguments`")
    func zsh() {
        let expected =
            #"""
            #compdef edge-case

            _edge_case() {
                local curcontext="$curcontext" state line
                typeset -A opt_args
                _arguments -s -S -C \
                    '(-k --kind)'{-k+,--kind=}'[One \[of\] these\: don'\''t \\ mix.]:KIND:(plain two\ words \$HOME it\'\''s)' \
                    '(--root)''--root=''[A `folder`.]:DIRECTORY:_files -/' \
                    '(-h --help)'{-h,--help}'[Show this help.]' \
                    '1: :->command' \
                    '*:: :->rest'
                local -a commands=(
                    'go:Go: now.'
                    'help:Show the help of a command.'
                )
                case $state in
                    command) _describe command commands ;;
                    rest)
                        case $words[1] in
                            go) _edge_case__go ;;
                            help) _describe command commands ;;
                        esac
                        ;;
                esac
            }

            _edge_case__go() {
                local curcontext="$curcontext" state line
                typeset -A opt_args
                _arguments -s -S \
                    '(-h --help)'{-h,--help}'[Show this help.]' \
                    '::WHERE:(a\:b c)'
            }

            if [[ $funcstack[1] == _edge_case ]]; then
                _edge_case "$@"
            else
                compdef _edge_case edge-case
            fi

            """#
        #expect(EdgeTree.tree.completionScript(for: .zsh) == expected)
    }

    @Test("fish: a line for each thing to offer, under the condition that the command is reached")
    func fish() {
        let expected =
            #"""
            # fish completion for edge-case
            function __edge_case_command
                set -l command 'edge-case'
                set -l value_due 0
                for word in (commandline -opc)[2..-1]
                    if test $value_due = 1
                        set value_due 0
                        continue
                    end
                    switch "$command $word"
                        case 'edge-case go'
                            set command "$command $word"
                        case 'edge-case -k' 'edge-case --kind' 'edge-case --root'
                            set value_due 1
                    end
                end
                echo $command
            end

            complete -c edge-case -f
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case\'' -a 'go' -d 'Go: now.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case\'' -a help -d 'Show the help of a command.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case\'' -s k -l kind -x -a 'plain two\\ words \\$HOME it\\\'s' -d 'One [of] these: don\'t \\ mix.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case\'' -l root -x -a '(__fish_complete_directories)' -d 'A `folder`.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case\'' -s h -l help -d 'Show this help.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case go\'' -s h -l help -d 'Show this help.'
            complete -c edge-case -n 'test (__edge_case_command) = \'edge-case go\'' -a 'a\\:b c'

            """#
        #expect(EdgeTree.tree.completionScript(for: .fish) == expected)
    }

    @Test(
        "zsh: what may be given once excludes itself, what may be repeated does not, and paths are completed as such",
        arguments: [
            #"'(-m --model)'{-m+,--model=}'[The model to ask.]:NAME: '"#,
            #"'(--endpoint)''--endpoint=''[The endpoint to use.]:completions|chat:(completions chat)'"#,
            #"'*'{-s+,--set=}'[Set a key of the provider'\''s configuration.]:KEY=VALUE: '"#,
            #"'*'{-v,--verbose}'[Say more; twice\: everything.]'"#,
            #"'(--session-root)''--session-root=''[Where the event logs go.]:DIRECTORY:_files -/'"#,
            #"'*''--config=''[The mount plan to use.]:FILE:_files'"#,
            "'*:PROMPT: '", "'*:FILE:_files'", "':SHELL:(bash zsh fish)'", "check) _sample_host__config__check ;;",
        ])
    func zshSpecifications(_ part: String) {
        let script = SampleTree.tree.completionScript(for: .zsh)
        #expect(script.contains(part))
    }

    @Test(
        "fish: values of options and arguments",
        arguments: [
            (["run"], "-s m -l model -x -d 'The model to ask.'"),
            (["run"], "-l endpoint -x -a 'completions chat' -d 'The endpoint to use.'"),
            (["run"], "-l session-root -x -a '(__fish_complete_directories)' -d 'Where the event logs go.'"),
            (["run"], "-l json -d 'Print one JSON object.'"),
            (["config", "show"], "-l config -r -F -d 'The mount plan to use.'"),
            (["config", "check"], "-F"),
            (["completions"], "-a 'bash zsh fish'"),
        ])
    func fishLines(_ path: [String], _ rest: String) {
        let command = (["sample-host"] + path).joined(separator: " ")
        let line = #"complete -c sample-host -n 'test (__sample_host_command) = \'\#(command)\'' \#(rest)"#
        let lines = SampleTree.tree.completionScript(for: .fish).split(separator: "\n")
        #expect(lines.contains { $0 == line })
    }
}
