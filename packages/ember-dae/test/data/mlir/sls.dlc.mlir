// An embedding bag as units and queues, in the syntax of the published compiler.
module {
  func.func @sls(%ptr: memref<?xindex>, %idx: memref<?xindex>, %rows: !llvm.struct<(array<2 x i64>, array<3 x i64>)>, %table: memref<?x?xf32>, %out: memref<?x?xf32>) -> memref<?x?xf32> {
    %c0 = arith.constant 0 : index
    %zeros = arith.constant dense<0.000000e+00> : vector<8xf32>
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %s0 = slc.to_stream %c0 : index to !slc.stream<index>
    %s1 = slc.to_stream %c1 : index to !slc.stream<index>
    %s8 = slc.to_stream %c8 : index to !slc.stream<index>
    %n = llvm.extractvalue %rows[0, 0] : !llvm.struct<(array<2 x i64>, array<3 x i64>)>
    %bags = arith.index_cast %n : i64 to index
    %sb = slc.to_stream %bags : index to !slc.stream<index>
    %d = memref.dim %table, %c1 : memref<?x?xf32>
    %sd = slc.to_stream %d : index to !slc.stream<index>
    dlc.configure_access_engine {
      %bag_unit = dlc.new_tu %s0 to %sb step %s1 : !slc.stream<index> into !dlc.tu
      %b = dlc.get_ind_var %bag_unit : !slc.stream<index>
      %from = slc.mem_stream %ptr[%b] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      %next = slc.alu_stream< add> %b, %s1 : !slc.stream<index>, !slc.stream<index> -> !slc.stream<index>
      %to = slc.mem_stream %ptr[%next] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      %row_unit = dlc.new_tu %from to %to step %s1 : !slc.stream<index> into !dlc.tu
      %p = dlc.get_ind_var %row_unit : !slc.stream<index>
      %row = slc.mem_stream %idx[%p] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      %element_unit = dlc.new_tu %s0 to %sd step %s8 : !slc.stream<index> into !dlc.tu
      %j = dlc.get_ind_var %element_unit : !slc.stream<index>
      %x = slcvec.mem_stream %table[%row, %j] : memref<?x?xf32>[!slc.stream<index>, !slc.stream<index>] into !slc.stream<vector<8xf32>>
      dlc.register_operand %element_unit,  ite, %x : !dlc.tu, !slc.stream<vector<8xf32>>
      dlc.register_callback %element_unit,  end {id = 5 : i64} : !dlc.tu
      dlc.register_callback %row_unit,  end {id = 2 : i64} : !dlc.tu
    } :
    %last = dlc.compute_loop -> index
    case 2 {
      dlc.increment_var
      dlc.yield
    }
    case 5 {
      %held = dlc.pop_operand : memref<?xf32>
      scf.for %k = %c0 to %d step %c8 {
        %some = slcvec.mask %k %c0 %d %c1 : vector<8xi1>
        %xs = slcvec.from_buffer %held[%k] : memref<?xf32>[index] -> vector<8xf32>
        %bag = dlc.get_var : index
        %before = vector.maskedload %out[%bag, %k], %some, %zeros : memref<?x?xf32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
        %sum = arith.addf %before, %xs : vector<8xf32>
        %again = dlc.get_var : index
        vector.maskedstore %out[%again, %k], %some, %sum : memref<?x?xf32>, vector<8xi1>, vector<8xf32>
      }
      dlc.yield
    }
    return %out : memref<?x?xf32>
  }
}
