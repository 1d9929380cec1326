// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Programs;

/// <summary>A phone that we did not write, registered with our server.</summary>
internal interface IRealPhone : IAsyncDisposable
{
    ProgramOutput Output { get; }

    /// <summary>How often a call rang.</summary>
    int IncomingCalls { get; }

    Task DialAsync(string uri);

    Task HangUpAsync();

    Task EstablishedAsync();

    /// <summary>Waits for the end of a call, or of an attempt, and returns the program's words for it.</summary>
    Task<string> ClosedAsync();

    /// <summary>Waits until at least a second of the other side was recorded.</summary>
    Task HearsAsync();

    /// <summary>What it heard in its latest call; complete when the call is over.</summary>
    Recording Recorded();

    Task SendMessageAsync(string uri, string text);

    Task<bool> ReceivesMessageAsync(string text);
}
