using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>The branches that an instrumented assembly has taken, each with how often, as in AFL.</summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    // 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more: the same branch taken more often is progress.
    private static readonly byte[] s_buckets = CreateBuckets();

    // One for the process: instrumented code writes to it as long as it runs.
    private static readonly byte* s_map = (byte*)NativeMemory.AllocZeroed(Size);

    private readonly byte[] _seen = new byte[Size];

    /// <summary>The number of branches that were ever taken.</summary>
    public int Branches { get; private set; }

    /// <summary>Lets instrumented code write to the map. No such code may run before.</summary>
    public static void Attach() => Trace.SharedMem = s_map;

    /// <summary>Starts an execution.</summary>
    public static void Clear()
    {
        new Span<byte>(s_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Ends an execution.</summary>
    /// <param name="countsMatter">Whether a branch that is taken more often than before is new.</param>
    /// <returns>Whether it took a branch that no earlier one took.</returns>
    public bool AddAll(bool countsMatter)
    {
        bool isNew = false;
        var map = new Span<byte>(s_map, Size);
        int start = 0;
        while (map[start..].IndexOfAnyExcept((byte)0) is >= 0 and var next)
        {
            int index = start + next;
            byte bucket = countsMatter ? s_buckets[map[index]] : (byte)1;
            if ((_seen[index] & bucket) == 0)
            {
                Branches += _seen[index] == 0 ? 1 : 0;
                _seen[index] |= bucket;
                isNew = true;
            }

            start = index + 1;
            if (start == Size)
                break;
        }

        return isNew;
    }

    private static byte[] CreateBuckets()
    {
        byte[] buckets = new byte[256];
        for (int count = 1; count < buckets.Length; count++)
        {
            buckets[count] = count switch
            {
                1 => 1,
                2 => 2,
                3 => 4,
                < 8 => 8,
                < 16 => 16,
                < 32 => 32,
                < 128 => 64,
                _ => 128,
            };
        }

        return buckets;
    }
}
