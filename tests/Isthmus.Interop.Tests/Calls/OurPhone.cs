// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>Our phone at our server, as it is used by the tests with other programs.</summary>
internal static class OurPhone
{
    /// <summary>What it says, in hertz.</summary>
    public const double Tone = 1000;

    public static IsthmusPhone Calls(IsthmusServer server, string callee, string mode = "both", string transport = "udp", TestHost? host = null) =>
        Start(server, "alice", ["call", callee, "--duration", "3"], mode, transport, host);

    public static IsthmusPhone Answers(IsthmusServer server, string user, string mode = "both", string transport = "udp", TestHost? host = null) =>
        Start(server, user, ["answer"], mode, transport, host);

    private static IsthmusPhone Start(IsthmusServer server, string user, IReadOnlyList<string> command, string mode, string transport, TestHost? host) =>
        IsthmusPhone.Start(new IsthmusPhoneOptions
        {
            Command = command,
            Account = $"sip:{user}@example.com",
            Servers = [.. server.EndPoints.Where(endPoint => mode is "both" or "one-request" || mode.Equals(endPoint.Address.Version.DisplayName, StringComparison.OrdinalIgnoreCase)).Select(endPoint => endPoint.ToString())],
            Mode = mode,
            Transport = transport,
            Tone = Tone,
            Host = host,
        });
}
