// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Server;
using Isthmus.Sip;

namespace Isthmus.App.Serve;

/// <summary>`isthmus explain`: what the server would do with a call, and why.</summary>
internal static class ExplainCommand
{
    private const string StandardFile = "isthmus.toml";

    public static Command Create()
    {
        var uri = new Argument<string>("URI") { Description = "whom the call is for, such as bob@example.com" };
        var from = new Option<string?>("--from") { Description = "who calls, such as alice@example.org" };
        var offer = new Option<string?>("--offer") { Description = "4, 6 or both (ICE with candidates of both): the versions of the offer (default: that of the version it comes by)" };
        offer.AcceptOnlyFromAmong("4", "6", "both");
        var config = new Option<FileInfo?>("--config", "-c") { Description = "explain by this configuration and its store, without a running server" };
        var socket = new Option<string?>("--socket") { Description = "the server's control socket (default: the one that `serve` uses)" };
        var json = new Option<bool>("--json") { Description = "one JSON object" };
        var command = new Command("explain", "Say what the server would do with a call, and why: where it leads, what DNS says, what the judge decides. Sends nothing but questions to DNS.")
        {
            uri,
            from,
            offer,
            config,
            socket,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var question = new ExplainQuestion(AsUri(parsed.GetValue(uri)!), parsed.GetValue(from) is { } caller ? AsUri(caller) : null, VersionsOf(parsed.GetValue(offer)));
            Explanation? explanation = parsed.GetValue(config) is { } file
                ? await OfflineAsync(file.ToString(), question, cancellation)
                : await LiveAsync(parsed.GetValue(socket), question, cancellation);
            if (explanation is null)
            {
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(explanation.ToJson());
            }
            else
            {
                ExplanationTables.Write(explanation);
            }

            return ExitCodes.Good;
        });
        return command;
    }

    private static string AsUri(string text) => text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("sips:", StringComparison.OrdinalIgnoreCase) ? text : "sip:" + text;

    private static IpVersions? VersionsOf(string? offer) => offer switch
    {
        null => null,
        "4" => IpVersions.V4,
        "6" => IpVersions.V6,
        _ => IpVersions.Both,
    };

    private static async Task<Explanation?> LiveAsync(string? socket, ExplainQuestion question, CancellationToken cancellation)
    {
        var client = new ControlClient(socket);
        ControlResult<Explanation> result = await client.ExplainAsync(question, cancellation);
        if (result.Items is [var explanation])
        {
            return explanation;
        }

        if (socket is not null || result.Error != client.Unreachable)
        {
            Console.Error.WriteLine(result.Error);
            return null;
        }

        string? file = File.Exists(StandardFile) ? StandardFile : null;
        Console.Error.WriteLine($"no server runs here; explained by {file ?? "the default configuration"}");
        return await OfflineAsync(file, question, cancellation);
    }

    private static async Task<Explanation?> OfflineAsync(string? file, ExplainQuestion question, CancellationToken cancellation)
    {
        ConfigurationResult configuration = file is null
            ? ConfigurationFile.Parse("", "environment", ConfigurationFile.ProcessEnvironment())
            : ConfigurationFile.Load(file, ConfigurationFile.ProcessEnvironment());
        if (!configuration.IsValid)
        {
            Findings.Show(configuration.Findings);
            return null;
        }

        return await OfflineExplainer.ExplainAsync(configuration.Options.WithDefaultPaths(), question, cancellation: cancellation);
    }
}
