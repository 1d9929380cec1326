// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Location;

/// <summary>A store whose writer can be held and made to fail, and that counts its commits.</summary>
internal sealed class FaultyStore : ILocationStore
{
    private readonly ManualResetEventSlim _open = new(initialState: true);

    public bool IsDurable => true;

    public string Description => "faulty";

    public ReadOnlyMemory<byte> Secret { get; } = new byte[32];

    public bool Fails { get; set; }

    public List<int> Commits { get; } = [];

    public SemaphoreSlim Entered { get; } = new(0);

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    public long LastId => 0;

    public IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash) => [];

    public bool Tidy(Leisure leisure) => false;

    public void Commit(ReadOnlySpan<BindingChange> changes, long now)
    {
        Entered.Release();
        _open.Wait(TimeSpan.FromSeconds(30));
        if (Fails)
        {
            throw new StoreException("the disk is full");
        }

        Commits.Add(changes.Length);
    }

    public void Dispose()
    {
        _open.Dispose();
        Entered.Dispose();
    }
}
