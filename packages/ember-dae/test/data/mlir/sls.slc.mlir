// An embedding bag at the SLC level without optimisations, in the syntax of the published compiler.
module {
  func.func @sls(%ptr: memref<?xindex>, %idx: memref<?xindex>, %rows: !llvm.struct<(array<2 x i64>, array<3 x i64>)>, %table: memref<?x?xf32>, %out: memref<?x?xf32>) -> memref<?x?xf32> {
    %c0 = arith.constant 0 : index
    %zeros = arith.constant dense<0.000000e+00> : vector<8xf32>
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %all = arith.constant dense<true> : vector<8xi1>
    %s0 = slc.to_stream %c0 : index to !slc.stream<index>
    %s1 = slc.to_stream %c1 : index to !slc.stream<index>
    %s8 = slc.to_stream %c8 : index to !slc.stream<index>
    %n = llvm.extractvalue %rows[0, 0] : !llvm.struct<(array<2 x i64>, array<3 x i64>)>
    %bags = arith.index_cast %n : i64 to index
    %sb = slc.to_stream %bags : index to !slc.stream<index>
    %d = memref.dim %table, %c1 : memref<?x?xf32>
    %sd = slc.to_stream %d : index to !slc.stream<index>
    %sm = slc.to_stream %all : vector<8xi1> to !slc.stream<vector<8xi1>>
    slc.for %b = %s0 to %sb step %s1 : !slc.stream<index> -> !slc.stream<index> {
      %from = slc.mem_stream %ptr[%b] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      %next = slc.alu_stream< add> %b, %s1 : !slc.stream<index>, !slc.stream<index> -> !slc.stream<index>
      %to = slc.mem_stream %ptr[%next] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      slc.for %p = %from to %to step %s1 : !slc.stream<index> -> !slc.stream<index> {
        %row = slc.mem_stream %idx[%p] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
        slc.for %j = %s0 to %sd step %s1 : !slc.stream<index> -> !slc.stream<index> {
          slcvec.vectorize_for
          %x = slc.mem_stream %table[%row, %j] : memref<?x?xf32>[!slc.stream<index>, !slc.stream<index>] into !slc.stream<f32>
          slc.callback {
            %bv = slc.from_stream %b : !slc.stream<index> to index
            %jv = slc.from_stream %j : !slc.stream<index> to index
            %xv = slc.from_stream %x : !slc.stream<f32> to f32
            %held = memref.load %out[%bv, %jv] : memref<?x?xf32>
            %sum = arith.addf %held, %xv : f32
            memref.store %sum, %out[%bv, %jv] : memref<?x?xf32>
          } : index
          slc.yield
        }
        slc.yield
      }
      slc.yield
    }
    return %out : memref<?x?xf32>
  }
}
