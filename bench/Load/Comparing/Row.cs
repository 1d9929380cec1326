// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>A row of the table: what one call is.</summary>
/// <param name="Name">As it is typed.</param>
/// <param name="Title">As it is printed.</param>
/// <param name="Messages">How many the server receives and sends for a call.</param>
/// <param name="IsForwarded">Whether there are called phones.</param>
/// <param name="Create">Makes the workload.</param>
internal sealed record Row(string Name, string Title, string Messages, bool IsForwarded, Func<Surroundings, Workload> Create)
{
    /// <summary>What each user does once before; null: nothing but to register.</summary>
    public Func<Surroundings, Workload>? Introduce { get; init; }

    /// <summary>Whether the server must serve presence for it.</summary>
    public bool IsPresence => Introduce is not null;

    /// <summary>All rows that are measured as CPU time per call.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        new("w1", "W1 REGISTER", "1+1", false, at => new SingleRequest(at, Requests.Register(at, PhoneRole.Caller, PhoneRole.Caller))),
        new("w3", "W3 INVITE 100 180 200 ACK BYE 200", "6+7", true, at => new WholeCall(at)),
        new("w4", "W4 MESSAGE", "2+2", true, at => new SingleRequest(at, Requests.Message(at))),
        new("w5", "W5 OPTIONS answered", "1+1", false, at => new SingleRequest(at, Requests.Options(at, isForwarded: false))),
        new("w6", "W6 OPTIONS forwarded", "2+2", true, at => new SingleRequest(at, Requests.Options(at, isForwarded: true))),
        new("presence", "PUBLISH and its 10 NOTIFYs", "11+11", true, at => new StateChange(at)) { Introduce = StateChange.Subscriptions },
    ];
}
