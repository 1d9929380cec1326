// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Tests.Server.Hosting;

/// <summary>A limit for silence and not for the whole: what goes on slowly, as beside other work, goes on.</summary>
internal sealed class Patience : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _source = new(Silence);

    /// <summary>Ends the wait when nothing was heard for too long.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something was heard.</summary>
    public void Renew() => _source.CancelAfter(Silence);

    public void Dispose() => _source.Dispose();
}
