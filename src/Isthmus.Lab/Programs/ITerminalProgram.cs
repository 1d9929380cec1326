// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A program in the place of a terminal. It is only told what to do; what it does is seen in the captured packets.</summary>
internal interface ITerminalProgram : IAsyncDisposable
{
    /// <summary>Whether it registers when it is started, and not before it calls.</summary>
    bool RegistersAtStart { get; }

    /// <summary>The IP versions by which its REGISTER requests travel.</summary>
    IpVersions RegistersOn { get; }

    /// <summary>Whether the program has ended.</summary>
    bool HasEnded { get; }

    /// <summary>Whether it can be told to publish something else than at its start.</summary>
    bool ChangesWhatItPublishes => true;

    /// <summary>Starts it.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Makes it call.</summary>
    Task CallAsync(string uri, CancellationToken cancellation);

    /// <summary>Makes it send a request that is no INVITE, as its steps say; what went wrong is returned, as far as it is known here.</summary>
    /// <param name="method">MESSAGE: it writes something; SUBSCRIBE: it watches; PUBLISH: it says how it is, and something else the next time.</param>
    /// <param name="uri">Whom it writes to or watches, or whose presence it publishes: a SIP URI.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation) => throw new LabException($"{GetType().Name} is not made to send {method.Name}");

    /// <summary>Makes it end what it watches.</summary>
    Task<string?> EndAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>Makes it reject the call that rings.</summary>
    Task RejectAsync();

    /// <summary>Makes it hang up, or cancel a call that is not answered yet.</summary>
    Task HangUpAsync();
}
